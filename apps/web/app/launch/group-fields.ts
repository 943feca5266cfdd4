/** Sorts hyperparameters into the sections of the launch form; one that no section names goes into the last. */
import type { SchemaField } from '../../form/schema-fields.ts';

export type FieldGroup = { title: string; open: boolean; fields: SchemaField[] };

const GROUPS = [
  { title: 'Network', open: true, keys: ['architecture', 'width', 'dropoutRate'] },
  { title: 'Budget', open: true, keys: ['epochs', 'batchSize', 'learningRate', 'seed'] },
  {
    title: 'Optimizer and schedule',
    open: false,
    keys: [
      'optimizer',
      'momentum',
      'weightDecay',
      'learningRateSchedule',
      'warmupEpochs',
      'gradientClipNorm',
      'deterministic',
      'precision',
    ],
  },
  {
    title: 'Data and augmentation',
    open: false,
    keys: ['augmentFlips', 'augmentStain', 'augmentBrightness', 'patientSampling', 'edgeStrips'],
  },
  { title: 'Loss', open: false, keys: ['classWeighting', 'labelSmoothing', 'focalGamma'] },
  {
    title: 'Stopping, threshold, calibration',
    open: false,
    keys: ['earlyStoppingPatience', 'monitor', 'thresholdRule', 'targetSensitivity', 'calibration'],
  },
] as const;

export function groupFields(fields: readonly SchemaField[]): FieldGroup[] {
  const byKey = new Map(fields.map((field) => [field.key, field]));
  const groups: FieldGroup[] = GROUPS.map(({ title, open, keys }) => ({
    title,
    open,
    fields: keys.flatMap((key) => byKey.get(key) ?? []),
  }));
  const placed = new Set<string>(GROUPS.flatMap(({ keys }) => [...keys]));
  const rest = fields.filter(({ key }) => !placed.has(key));
  if (rest.length > 0) groups.push({ title: 'Other', open: false, fields: rest });
  return groups.filter((group) => group.fields.length > 0);
}
