/** Connected cells of one kind in a picture of kinds, by their four neighbours: where each is, and whether it touches the edge. */

type CellKinds = { width: number; height: number; kinds: Uint8Array };

type Island = {
  /** Places of its cells, valid until the next island is asked for. */
  cells: Int32Array;
  touchesEdge: boolean;
};

export function* listIslands({ width, height, kinds }: CellKinds, kind: number): Generator<Island> {
  const seen = new Uint8Array(kinds.length);
  const queue = new Int32Array(kinds.length);
  for (let start = 0; start < kinds.length; start += 1) {
    if (seen[start] || kinds[start] !== kind) continue;
    let [length, touchesEdge] = [1, false];
    queue[0] = start;
    seen[start] = 1;
    for (let next = 0; next < length; next += 1) {
      const cell = queue[next]!;
      const x = cell % width;
      const isAtEdge = x === 0 || x === width - 1 || cell < width || cell >= width * (height - 1);
      touchesEdge ||= isAtEdge;
      if (x > 0) take(cell - 1);
      if (x < width - 1) take(cell + 1);
      if (cell >= width) take(cell - width);
      if (cell < width * (height - 1)) take(cell + width);
    }
    yield { cells: queue.subarray(0, length), touchesEdge };

    function take(cell: number): void {
      if (seen[cell] || kinds[cell] !== kind) return;
      seen[cell] = 1;
      queue[length] = cell;
      length += 1;
    }
  }
}
