/** When the queue will be empty. */
import { forecastQueueEnd, type QueueEnd } from '@microtome/store/run/queue-forecast';
import { builder } from '../../graphql/builder.ts';

const QueueEndRef = builder.objectRef<QueueEnd>('QueueEnd').implement({
  description: 'When the runs that train or wait will have ended, by the pace of runs like them.',
  fields: (t) => ({
    runCount: t.exposeInt('runCount', {
      description: 'Runs that train or wait, of projects that can be seen.',
    }),
    secondsLeft: t.exposeFloat('secondsLeft', {
      nullable: true,
      description:
        'Until the last of them ends, runs of all projects that come before them included; null when there is none, or no worker.',
    }),
    unknownRunCount: t.exposeInt('unknownRunCount', {
      description:
        'Of so many the time is not known, as none like them has finished: the end comes later then.',
    }),
  }),
});

builder.queryField('queueEnd', (t) =>
  t.field({
    type: QueueEndRef,
    description: 'When the queue will be empty. Archived runs, and jobs carried by hand, are left out.',
    resolve: (_root, _args, { store, access }) => forecastQueueEnd(store, access.projectIds),
  }),
);
