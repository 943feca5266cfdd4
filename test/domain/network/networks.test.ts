import {
  ARCHITECTURES,
  describeArchitecture,
  getArchitecture,
} from '@microtome/domain/network/architectures';
import { countLayers } from '@microtome/domain/network/layer';
import { expect, test } from 'vitest';

const describeAt50 = (architecture: string) =>
  describeArchitecture({ architecture, width: 1, dropoutRate: 0.5, patchSizePx: 50 });

test('shallow has 0.17 M parameters and 6.8 M multiply-adds at 50 px', () => {
  // By hand: 448 + 4,640 + 18,496 + (6*6*64 + 1) * 64 + 65.
  expect(describeAt50('shallow')).toMatchObject({ parameters: 171_169, trainableParameters: 171_169 });
  expect(describeAt50('shallow').multiplyAdds).toBe(6_761_728);
});

test('deep has 0.29 M parameters, batch norm counted as Keras does, and 31 M multiply-adds at 50 px', () => {
  // 293,040 in convolutions without bias, 4 * 480 in batch norm (half of them moving statistics), 129 at the end.
  expect(describeAt50('deep')).toMatchObject({ parameters: 295_089, trainableParameters: 294_129 });
  expect(describeAt50('deep').multiplyAdds).toBe(31_405_376);
});

test('the published references have their published sizes, less what one logit saves', () => {
  // 145,058 at 32 px with two outputs of 65 weights each.
  const janowczyk = describeArchitecture({
    architecture: 'janowczyk2016',
    width: 1,
    dropoutRate: 0,
    patchSizePx: 32,
  });
  expect(janowczyk.parameters).toBe(145_058 - 65);
  expect(describeAt50('vbookshelf2018').parameters).toBe(514_306 - 257);
});

test('colour-baseline learns two numbers a figure in batch norm, one weight each and a bias; its filters are given', () => {
  // Six colours above 9 thresholds, three textures in two ways above 5.
  const figures = 6 * 9 + 3 * 2 * 5;
  const { trainableParameters, multiplyAdds } = describeAt50('colour-baseline');
  expect(trainableParameters).toBe(3 * figures + 1);
  const [filters, hinges] = [6 + 3 * 3, 6 * 9 + 3 * 6 * 5];
  expect(multiplyAdds).toBe(48 * 48 * (27 * filters + filters * hinges) + hinges * figures + figures);
});

test.each(ARCHITECTURES.map(({ name }) => name))('%s ends in one logit at every width', (name) => {
  for (const width of [0.25, 1, 2]) {
    const layers = getArchitecture(name).layers({ width, dropoutRate: 0.5 });
    expect(countLayers(layers, { height: 50, width: 50, channels: 3 }).output).toEqual({ units: 1 });
    expect(layers.at(-1)).toEqual({ kind: 'dense', units: 1, activation: 'linear' });
  }
});

test('a network says whether it drops units, and drops none at rate 0', () => {
  for (const { layers, usesDropout } of ARCHITECTURES) {
    const dropouts = (rate: number) =>
      layers({ width: 1, dropoutRate: rate }).filter(({ kind }) => kind === 'dropout');
    expect(dropouts(0.5).length > 0).toBe(usesDropout);
    expect(dropouts(0)).toEqual([]);
  }
});

test('an unknown network is refused with its name and the known ones', () => {
  expect(() => getArchitecture('alexnet')).toThrow(/no architecture 'alexnet'.*shallow, deep/);
});

test('a patch too small for a network is refused with the sizes', () => {
  const request = { architecture: 'vbookshelf2018', width: 1, dropoutRate: 0.3, patchSizePx: 32 };
  expect(() => describeArchitecture(request)).toThrow(/needs larger patches: a window of 3x3 px/);
});
