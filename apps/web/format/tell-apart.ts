/** Names of a list to choose from: equal ones are told apart by what each stands on, else by the beginning of its id. Pure. */

type Named = { id: string; name: string; on: string };

const ID_LETTERS = 8;

export function tellApart(things: readonly Named[]): { id: string; name: string }[] {
  const count = (test: (other: Named) => boolean) => things.filter(test).length;
  return things.map(({ id, name, on }) => {
    if (count((other) => other.name === name) === 1) return { id, name };
    const isTold = count((other) => other.name === name && other.on === on) === 1;
    return { id, name: `${name} · ${isTold ? on : id.slice(0, ID_LETTERS)}` };
  });
}
