/**
 * What an answer must not tell: a text of a project that the asker is not in, and whether what the asker named is there and hidden
 * or not there at all. The second is seen by asking once more, with twins in place of what is hidden.
 */
import type { Asker } from './account-bench.ts';

/** The status of what was closed without a word: an answer is lost when the server closes before it has read all that was sent. */
export const UNHEARD = 0;

export type Heard = { status: number; text: string };
type Ask = (input: string) => Promise<Heard>;

/** A sentence; null when nothing is told. `isChange`: it may do something, so that it cannot be asked again. */
export async function findLeak(
  { twins, canaries }: Asker,
  { input, isChange, ask }: { input: string; isChange: boolean; ask: Ask },
): Promise<{ answer: Heard; leak: string | null }> {
  const named = [...twins].filter(([value]) => input.includes(value));
  const twinInput = named.reduce((text, [value, twin]) => text.replaceAll(value, twin), input);
  const clean = (heard: Heard) => cleanAnswer(heard, named);
  // The twin first: what is done to nothing leaves nothing behind.
  const ofTwin = named.length > 0 ? await ask(twinInput) : null;
  const answer = await ask(input);
  const canary = canaries.find((one) => answer.text.includes(one));
  if (canary !== undefined) return { answer, leak: `'${canary}' is in the answer` };
  if (!ofTwin || clean(answer) === clean(ofTwin)) return { answer, leak: null };
  // What was lost on its way says nothing.
  if (answer.status === UNHEARD || ofTwin.status === UNHEARD) return { answer, leak: null };
  const told = `of what is hidden: ${clean(answer)}\nof what is not there: ${clean(ofTwin)}`;
  if (isChange) return { answer, leak: isRefusal(ofTwin) ? told : null };
  // What differs from itself says nothing.
  const [again, ofTwinAgain] = [await ask(input), await ask(twinInput)];
  const isSteady = clean(again) === clean(answer) && clean(ofTwinAgain) === clean(ofTwin);
  return { answer, leak: isSteady ? told : null };
}

/** Without what differs between any two requests. */
function cleanAnswer({ status, text }: Heard, named: readonly (readonly [string, string])[]): string {
  const told = named.reduce((rest, pair) => pair.reduce((all, one) => all.replaceAll(one, '#'), rest), text);
  const plain = told
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32,64}/gi, '#')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '#')
    .replaceAll(/\d{10,}/g, '#');
  return `${status} ${plain}`;
}

function isRefusal({ status, text }: Heard): boolean {
  return status >= 400 || text.includes('"errors":');
}
