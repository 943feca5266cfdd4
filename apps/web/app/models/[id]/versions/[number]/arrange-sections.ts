/** Cuts the blocks of a card into its sections, each from a heading to the next. Pure. */

export type CardSection<Block> = { title: string | null; blocks: Block[] };

/** What stands before the first heading is a section without a title. */
export function arrangeSections<Block extends { kind: string; text?: string | null }>(
  blocks: readonly Block[],
): CardSection<Block>[] {
  const sections: CardSection<Block>[] = [];
  for (const block of blocks) {
    if (block.kind === 'heading') sections.push({ title: block.text ?? '', blocks: [] });
    else if (sections.length === 0) sections.push({ title: null, blocks: [block] });
    else sections.at(-1)?.blocks.push(block);
  }
  return sections;
}
