/**
 * Published folders of slides: what a path says of a slide there, which of the files are outlines and labels, and which
 * classes of the outlines are tumour.
 */

import { getFileName } from '../source/file-path.ts';
import type { PatchFacts } from '../source/source-patch.ts';
import { nameWithoutEnding } from './slide-name.ts';

export const SLIDE_PRESETS = ['camelyon16', 'camelyon17'] as const;
export type SlidePresetName = (typeof SLIDE_PRESETS)[number];

export type SlidePreset = {
  title: string;
  /** Whose keys its patients and slides have. */
  keysOf: string;
  /** Null for a file that is no slide of the set, such as the masks that lie next to them. */
  readPath(path: string): Partial<PatchFacts> | null;
  isLabels(path: string): boolean;
  /** What a site is called that a table tells. */
  nameSite(told: string): string;
  /** Of a slide whose site neither its path nor a table tells, as the set's page counts them. */
  countSite(facts: Pick<PatchFacts, 'slide' | 'patient'>): string | null;
  outlineClasses: { positive: readonly string[]; holes: readonly string[] };
};

/** Of the training slides, as the set's page tells them: these numbers come from Utrecht. */
const UTRECHT = { normal: { from: 101, to: 160 }, tumor: { from: 71, to: 110 } };

const CAMELYON16_NAME = /^(normal|tumor|test)_(\d{3})$/i;

const CAMELYON16: SlidePreset = {
  title: 'CAMELYON16',
  keysOf: 'CAMELYON16',
  readPath(path) {
    const slide = nameWithoutEnding(path);
    const [, kind] = CAMELYON16_NAME.exec(slide.toLowerCase()) ?? [];
    if (kind === 'test') return { slide, subset: 'TEST' };
    return kind === undefined ? null : { slide, subset: 'TRAIN', className: kind };
  },
  isLabels: (path) => getFileName(path).toLowerCase() === 'reference.csv',
  nameSite: (told) => told,
  countSite({ slide }) {
    const [, kind, number] = CAMELYON16_NAME.exec(slide?.toLowerCase() ?? '') ?? [];
    if (kind !== 'normal' && kind !== 'tumor') return null;
    const { from, to } = UTRECHT[kind];
    return Number(number) >= from && Number(number) <= to ? 'UMC Utrecht' : 'Radboud UMC';
  },
  outlineClasses: { positive: ['Tumor', '_0', '_1'], holes: ['Exclusion', '_2'] },
};

/** Patients of the training set, twenty a centre. */
const CAMELYON17_TRAINING = 100;
const PATIENTS_A_CENTRE = 20;

const CAMELYON17: SlidePreset = {
  title: 'CAMELYON17',
  keysOf: 'CAMELYON17',
  readPath(path) {
    const slide = nameWithoutEnding(path);
    const [, number, node] = /^patient_(\d{3})_node_(\d)$/i.exec(slide) ?? [];
    if (number === undefined || node === undefined) return null;
    const patient = `patient_${number}`;
    const told = /(?:^|\/)cent(?:er|re)_(\d)\//i.exec(path)?.[1];
    return { slide, patient, site: told === undefined ? null : `centre ${told}` };
  },
  // Of the challenge, and of the open bucket, where all slides lie in one folder.
  isLabels: (path) => ['stage_labels.csv', 'stages.csv'].includes(getFileName(path).toLowerCase()),
  // Tables that went through a program of numbers say 0.0.
  nameSite: (told) => `centre ${/^(?:cent(?:er|re)[ _]?)?(\d+)(?:\.0*)?$/i.exec(told)?.[1] ?? told}`,
  countSite({ patient }) {
    const [, number] = /^patient_(\d{3})$/i.exec(patient ?? '') ?? [];
    if (number === undefined || Number(number) >= CAMELYON17_TRAINING) return null;
    return `centre ${Math.floor(Number(number) / PATIENTS_A_CENTRE)}`;
  },
  outlineClasses: { positive: ['metastases', 'Tumor'], holes: ['normal', 'Exclusion'] },
};

const PRESETS: Record<SlidePresetName, SlidePreset> = { camelyon16: CAMELYON16, camelyon17: CAMELYON17 };

export function getSlidePreset(name: SlidePresetName): SlidePreset {
  return PRESETS[name];
}
