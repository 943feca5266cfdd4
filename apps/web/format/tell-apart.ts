/**
 * Names of a list to choose from: equal ones are told apart by what each stands on, else by its project, else by its id.
 * Pure.
 */
import { shortenId } from './short-id.ts';

type Named = { id: string; name: string; on: string; project?: { name: string } };
type OfProject = { id: string; name: string; project: { name: string } };

export function tellApart(things: readonly Named[]): { id: string; name: string }[] {
  const count = (test: (other: Named) => boolean) => things.filter(test).length;
  return things.map(({ id, name, on, project }) => {
    if (count((other) => other.name === name) === 1) return { id, name };
    const equal = (other: Named) => other.name === name && other.on === on;
    if (count(equal) === 1) return { id, name: `${name} · ${on}` };
    const isTold = project && count((other) => equal(other) && other.project?.name === project.name) === 1;
    return { id, name: `${name} · ${isTold ? project.name : shortenId(id)}` };
  });
}

/** The same things: where names are equal, each has its project in its name. */
export function tellProjects<Thing extends OfProject>(things: readonly Thing[]): Thing[] {
  const names = tellApart(things.map(({ id, name, project }) => ({ id, name, on: project.name })));
  return things.map((thing, at) => ({ ...thing, name: names[at]?.name ?? thing.name }));
}
