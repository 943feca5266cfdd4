/**
 * The sides of classes that a model never saw, told by their names: those that it was trained on keep their side, and a
 * source whose positive side is called as the model's keeps its own. Names that say nothing are a matter for a person.
 */
import type { ProposedTask } from './propose-task.ts';
import { listSide, placeClasses, type TaskSide, type TaskSides } from './task.ts';
import { isTellingName } from './telling-name.ts';

type Model = { sides: TaskSides; classNames: readonly string[]; positiveName: string };
type Source = {
  classNames: readonly string[];
  /** As a person names them; null leaves it to the names. */
  positive: readonly string[] | null;
  /** What the source means by itself. */
  proposed: ProposedTask | null;
};

/** The side of each class of the source, or a sentence that says why they have none. */
type LabelledClasses = { sides: TaskSide[]; why: null } | { sides: null; why: string };

/** @throws AppError BAD_INPUT for a positive class that the source lacks */
export function labelByNames(model: Model, { classNames, positive, proposed }: Source): LabelledClasses {
  if (positive) return { sides: placeClasses(classNames, { positive }), why: null };
  const sideOf = new Map(
    model.classNames.map((name, position) => [normalise(name), model.sides[position] ?? 'LEFT_OUT']),
  );
  const known = classNames.map((name): TaskSide => sideOf.get(normalise(name)) ?? 'LEFT_OUT');
  const named = classNames.filter((_, position) => known[position] !== 'LEFT_OUT');
  if (named.some(isTellingName)) return { sides: known, why: null };
  const isMeant =
    proposed &&
    isTellingName(model.positiveName) &&
    normalise(proposed.positiveName) === normalise(model.positiveName);
  if (isMeant) return { sides: proposed.sides, why: null };
  const [found, taught] = [classNames, model.classNames].map((list) =>
    list.map((name) => `'${name}'`).join(', '),
  );
  const looked = listSide(model.sides, 'POSITIVE', model.classNames).map((name) => `'${name}'`);
  const what = `the classes here are ${found}, those of the model ${taught}, of which it looks for ${looked.join(', ')}`;
  return { sides: null, why: `No labels: ${what}. Say by --positive which of these it is.` };
}

function normalise(name: string): string {
  return name.normalize('NFC').trim().toLowerCase();
}
