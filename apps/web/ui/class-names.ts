/** Joins Tailwind class names; of two that contradict each other the later one wins. */
import { type ClassValue, clsx } from 'clsx';
import { mergeClasses } from './merge-classes.ts';

export function classNames(...values: ClassValue[]): string {
  return mergeClasses(clsx(values));
}
