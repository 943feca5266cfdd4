/** One question across all nouns: what is called like this, within what the asker may see. */
import {
  FOUND_NOUNS,
  type FoundNoun,
  type FoundRecord,
  findRecords,
} from '@microtome/store/search/find-records';
import { builder } from '../../graphql/builder.ts';
import { typed } from '../../graphql/typed-text.ts';

const DESCRIPTIONS: Record<FoundNoun, string> = {
  RUN: 'A run.',
  EXPERIMENT: 'An experiment.',
  SWEEP: 'A sweep.',
  DATASET: 'A dataset.',
  SPLIT: 'A split.',
  MODEL: 'A model.',
  MODEL_VERSION: 'A version of a model.',
  PATIENT: 'A patient, or what the dataset is split by, of a dataset.',
  SLIDE: 'A slide of a dataset.',
  SLIDE_ANALYSIS: 'The analysis of a slide.',
  REPORT: 'A report.',
};

const FoundNounEnum = builder.enumType('FoundNoun', {
  description: 'What kind of record was found.',
  values: Object.fromEntries(
    FOUND_NOUNS.map((noun) => [noun, { description: DESCRIPTIONS[noun] }]),
  ) as Record<FoundNoun, { description: string }>,
});

const FoundRecordRef = builder.objectRef<FoundRecord>('FoundRecord').implement({
  description: 'A record whose name, or the name of what it belongs to, has the words that were looked for.',
  fields: (t) => ({
    noun: t.expose('noun', { type: FoundNounEnum, description: 'What kind of record it is.' }),
    id: t.exposeID('id', { description: 'Its id, by which its noun is asked for.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    place: t.exposeString('place', {
      description: 'The name of what it belongs to, as of a run its experiment; empty where there is none.',
    }),
    modelId: t.exposeID('modelId', { nullable: true, description: 'Of a model version: its model.' }),
    versionNumber: t.exposeInt('versionNumber', {
      nullable: true,
      description: 'Of a model version: its number.',
    }),
    slideId: t.exposeID('slideId', { nullable: true, description: 'Of a patient: the first slide.' }),
  }),
});

builder.queryField('findRecords', (t) =>
  t.field({
    type: [FoundRecordRef],
    description:
      'What is called like a text, of all nouns, within the projects that you see: at most five of each, the best first.',
    args: {
      text: t.arg.string({
        extensions: typed('search'),
        required: true,
        description: 'Words that must all be there, in any order; or an id.',
      }),
    },
    resolve: (_root, { text }, { store, access }) =>
      findRecords(store, { text, projectIds: access.projectIds }),
  }),
);
