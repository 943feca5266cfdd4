'use client';
/** One run: owns its stream and its query, and lays out both. */
import { useQuery } from '@apollo/client/react';
import { useQueryState } from 'nuqs';
import { useRef } from 'react';
import { RUN_TAB_PARAMETER, RUN_TABS } from '../../../address/page-addresses.ts';
import { useReload } from '../../../api/use-reload.ts';
import { CurvesLoading } from '../../../charts/curves/curves-loading.tsx';
import { loadDrawing } from '../../../charts/load-drawing.ts';
import { QueryFrame } from '../../../components/query-frame.tsx';
import { RunDocument, type RunPageFragment } from '../../../graphql/generated/graphql.ts';
import { isOnSplit } from '../../../run/run-on-split.ts';
import { loadLater, loadSoon, useLoadedWhenIdle } from '../../../ui/load-later.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Tab, TabList, TabPanel, Tabs } from '../../../ui/tabs.tsx';
import { useWhileShown } from '../../../ui/use-while-shown.ts';
import { RunFacts } from './run-facts.tsx';
import { RunHeader } from './run-header.tsx';
import { RunLineage } from './run-lineage.tsx';
import { RunOutcome } from './run-outcome.tsx';
import { RunProgressCard } from './run-progress-card.tsx';
import { type RunStream, useRunStream } from './use-run-stream.ts';

// All that draws curves is asked for together, while the page waits for their numbers: its head is there before it.
const RunCurves = loadSoon(
  async () => {
    loadDrawing().catch(() => undefined);
    return (await import('./run-curves.tsx')).RunCurves;
  },
  <CurvesLoading />,
);
const MEANWHILE = <Skeleton className="h-40" />;
const ExternalModelCard = loadLater(
  async () => (await import('../../../model-check/external-model-card.tsx')).ExternalModelCard,
);
const EvaluationPanel = loadLater(
  async () => (await import('./evaluation-panel.tsx')).EvaluationPanel,
  MEANWHILE,
);
const TissuePanel = loadLater(async () => (await import('./tissue-panel.tsx')).TissuePanel, MEANWHILE);
const loadTable = () => import('./hyperparameter-table.tsx');
const HyperparameterTable = loadLater(async () => (await loadTable()).HyperparameterTable, MEANWHILE);
const loadLog = () => import('./run-log.tsx');
const RunLog = loadLater(async () => (await loadLog()).RunLog, MEANWHILE);
const loadFiles = () => import('./run-files.tsx');
const RunFiles = loadLater(async () => (await loadFiles()).RunFiles, MEANWHILE);
const loadTabs = () => Promise.all([loadTable(), loadLog(), loadFiles()]);
const RunComments = loadLater(
  async () => (await import('../../../comment/run-comments.tsx')).RunComments,
  MEANWHILE,
);

export function RunView({ runId }: { runId: string }) {
  const query = useQuery(RunDocument, { variables: { id: runId } });
  const stream = useRunStream({ runId, onMoved: useReload(query.refetch) });
  return (
    <QueryFrame {...query} data={query.data?.run} missing="This run">
      {(run) => (
        <>
          <RunHeader run={run} />
          {stream.error && (
            <Notice tone="danger" className="mb-4" title="The live stream stopped">
              {stream.error}
            </Notice>
          )}
          {run.status === 'FAILED' && (
            <Notice tone="danger" className="mb-4" title="This run failed">
              {run.error}
            </Notice>
          )}
          <RunLineage run={run} />
          <RunProgressCard run={run} stream={stream} />
          {isOnSplit(run) && <RunOutcome run={run} />}
          {isOnSplit(run) && run.externalModel && <ExternalModelCard runId={run.id} />}
          <RunTabs run={run} stream={stream} />
        </>
      )}
    </QueryFrame>
  );
}

type RunTab = (typeof RUN_TABS)[number];

function RunTabs({ run, stream }: { run: RunPageFragment; stream: RunStream }) {
  const [tab, setTab] = useQueryState('tab', RUN_TAB_PARAMETER);
  useLoadedWhenIdle(loadTabs);
  // Those that take long to draw stay once they were seen, and are given nothing new while they are hidden.
  const seen = useRef(new Set<RunTab>());
  const tabs: readonly RunTab[] = isOnSplit(run)
    ? RUN_TABS
    : RUN_TABS.filter((one) => one !== 'evaluation' && one !== 'tissue');
  const shown = tabs.includes(tab) ? tab : 'training';
  seen.current.add(shown);
  const curves = useWhileShown(stream, shown === 'training');
  const logged = useWhileShown(stream.events, shown === 'log');
  return (
    <Tabs value={shown} onValueChange={(next) => void setTab(RUN_TAB_PARAMETER.parse(next))}>
      <TabList aria-label="Run">
        {tabs.map((value) => (
          <Tab key={value} value={value}>
            {value.charAt(0).toUpperCase() + value.slice(1)}
            {value === 'comments' && run.comments.length > 0 && ` (${run.comments.length})`}
          </Tab>
        ))}
      </TabList>
      <TabPanel value="training" isKept={seen.current.has('training')}>
        <RunCurves run={run} stream={curves} />
        <RunFacts run={run} stream={curves} />
      </TabPanel>
      {isOnSplit(run) && (
        <>
          <TabPanel value="evaluation">
            <EvaluationPanel run={run} />
          </TabPanel>
          <TabPanel value="tissue">
            <TissuePanel run={run} />
          </TabPanel>
        </>
      )}
      <TabPanel value="hyperparameters">
        <HyperparameterTable hyperparameters={run.hyperparameters} />
      </TabPanel>
      <TabPanel value="log" isKept={seen.current.has('log')}>
        <RunLog runId={run.id} live={logged} isShown={shown === 'log'} />
      </TabPanel>
      <TabPanel value="comments">
        <RunComments runId={run.id} />
      </TabPanel>
      <TabPanel value="files">
        <RunFiles run={run} />
      </TabPanel>
    </Tabs>
  );
}
