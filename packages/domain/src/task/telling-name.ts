/** Whether the name of a class tells what it holds: `tumor` does; `1`, `true` and `positive` only say which side is meant. */

const SAY_NOTHING = new Set(
  'true false yes no positive negative pos neg present absent on off class label target other others rest unknown'.split(
    ' ',
  ),
);
/** `1`, `01`, `0.0`, `class 1`, `label_0`, `+`, `-`, and any single letter. */
const IS_NUMBERED = /^(?:class|label|target|category|group|type)?[\s_-]*\d+(?:\.0+)?$/u;

export function isTellingName(name: string): boolean {
  const plain = name.normalize('NFC').trim().toLowerCase();
  return [...plain].length > 1 && !SAY_NOTHING.has(plain) && !IS_NUMBERED.test(plain);
}
