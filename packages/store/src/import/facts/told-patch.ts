/** A file of a source with all that the source tells of it. */
import type { PatchFacts } from '@microtome/domain/source/source-patch';
import { NOTHING_TOLD } from '@microtome/domain/source/source-patch';
import type { SourceFile } from '../source/patch-source.ts';

export type ToldPatch = { file: SourceFile; facts: PatchFacts };

/** Puts facts together with one string for all that are alike, since a source has many files and few patients. */
export class FactPool {
  readonly #known = new Map<string, string>();

  complete(facts: Partial<PatchFacts>): PatchFacts {
    return {
      ...NOTHING_TOLD,
      ...facts,
      patient: this.#share(facts.patient),
      slide: this.#share(facts.slide),
      site: this.#share(facts.site),
      group: this.#share(facts.group),
      className: this.#share(facts.className),
    };
  }

  #share(text: string | null | undefined): string | null {
    if (text === null || text === undefined) return null;
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    this.#known.set(text, text);
    return text;
  }
}
