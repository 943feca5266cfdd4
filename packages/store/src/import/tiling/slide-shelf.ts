/**
 * Slides that are open because patches are being read from them, each opened once while it is needed. Patches come slide by
 * slide: one that nobody reads any more is closed as soon as another is asked for, and its decoded tiles go with it.
 */
import { openSlide } from '@microtome/slides/open-slide';
import type { Slide } from '@microtome/slides/slide';

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
      const [slide] = await Promise.all([entry.slide, this.#closeIdle()]);
      return await act(slide);
    } catch (error) {
      await entry.slide.catch(() => this.#entries.delete(path));
      throw error;
    } finally {
      entry.users -= 1;
      await this.#closeIdle();
    }
  }

  async close(): Promise<void> {
    const open = [...this.#entries.values()];
    this.#entries.clear();
    await closeAll(open);
  }

  /** All but the one that was asked for last. */
  async #closeIdle(): Promise<void> {
    const idle = [...this.#entries].slice(0, -1).filter(([, { users }]) => users === 0);
    for (const [path] of idle) this.#entries.delete(path);
    await closeAll(idle.map(([, entry]) => entry));
  }
}

async function closeAll(entries: readonly Entry[]): Promise<void> {
  await Promise.all(entries.map(({ slide }) => slide.then((one) => one.close()).catch(() => {})));
}
