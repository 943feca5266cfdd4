/** Who made what: the account of a run, a sweep, an exam, a slide analysis or an import, in the same words everywhere. */
import { builder } from '../../graphql/builder.ts';
import { DatasetImportRef } from '../dataset/dataset-import.ts';
import { ExternalEvaluationRef } from '../external-evaluation/external-evaluation.ts';
import { RunRef } from '../run/run.ts';
import { SlideAnalysisRef } from '../slide-analysis/slide-analysis.ts';
import { SweepRef } from '../sweep/sweep.ts';
import { AccountRef } from './account.ts';

const UNKNOWN = 'null without sign-in, and of what was there before accounts.';

builder.prismaObjectField(RunRef, 'createdBy', (t) =>
  t.relation('creator', { type: AccountRef, nullable: true, description: `Who launched it; ${UNKNOWN}` }),
);
builder.prismaObjectField(SweepRef, 'createdBy', (t) =>
  t.relation('creator', { type: AccountRef, nullable: true, description: `Who launched it; ${UNKNOWN}` }),
);
builder.prismaObjectField(ExternalEvaluationRef, 'createdBy', (t) =>
  t.relation('creator', {
    type: AccountRef,
    nullable: true,
    description: `Who asked for it first; ${UNKNOWN}`,
  }),
);
builder.prismaObjectField(SlideAnalysisRef, 'createdBy', (t) =>
  t.relation('creator', { type: AccountRef, nullable: true, description: `Who asked for it; ${UNKNOWN}` }),
);
builder.prismaObjectField(DatasetImportRef, 'createdBy', (t) =>
  t.relation('creator', { type: AccountRef, nullable: true, description: `Who began it; ${UNKNOWN}` }),
);
