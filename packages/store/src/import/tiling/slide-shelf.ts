/** Slides that are open because patches are being read from them: few, each opened once while it is needed. */
import { openSlide } from '@microtome/slides/open-slide';
import type { Slide } from '@microtome/slides/slide';

/** One that is read, and the one after it: patches come slide by slide. */
const OPEN_MAX = 2;

type Entry = { slide: Promise<Slide>; users: number };

export class SlideShelf {
  /** By path; the one that was asked for last is the last. */
  readonly #entries = new Map<string, Entry>();

  /** Rejects as `openSlide` does, or as `act`. */
  async use<Result>(path: string, act: (slide: Slide) => Promise<Result>): Promise<Result> {
    const entry = this.#entries.get(path) ?? { slide: openSlide(path), users: 0 };
    this.#entries.delete(path);
    this.#entries.set(path, entry);
    entry.users += 1;
    try {
      return await act(await entry.slide);
    } catch (error) {
      await entry.slide.catch(() => this.#entries.delete(path));
      throw error;
    } finally {
      entry.users -= 1;
      await this.#closeOldest();
    }
  }

  async close(): Promise<void> {
    const open = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.all(open.map(({ slide }) => slide.then((one) => one.close()).catch(() => {})));
  }

  async #closeOldest(): Promise<void> {
    for (const [path, { slide, users }] of this.#entries) {
      if (this.#entries.size <= OPEN_MAX) return;
      if (users > 0) continue;
      this.#entries.delete(path);
      await slide.then((one) => one.close()).catch(() => {});
    }
  }
}
