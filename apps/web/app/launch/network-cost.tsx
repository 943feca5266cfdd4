'use client';
/** What the chosen network costs, counted by the API as hyperparameters change. */
import { useQuery } from '@apollo/client/react';
import { useDeferredValue } from 'react';
import { formatCompact, formatCount } from '../../format/format-number.ts';
import { CountNetworkDocument, type LaunchChoicesQuery } from '../../graphql/generated/graphql.ts';
import { Card } from '../../ui/card.tsx';
import type { LaunchFormState } from './use-launch-form.ts';

type NetworkCostProps = { launch: LaunchFormState; architectures: LaunchChoicesQuery['architectures'] };

/** The hyperparameters that change a network's size; asking again for others would give the same count. */
const SIZE_KEYS = ['architecture', 'width', 'dropoutRate'];

export function NetworkCost({ launch, architectures }: NetworkCostProps) {
  const hyperparameters = useDeferredValue(
    JSON.stringify(Object.fromEntries(SIZE_KEYS.map((key) => [key, launch.values[key]]))),
  );
  const patchSizePx = launch.dataset?.patchSizePx ?? 50;
  const { data, previousData, error } = useQuery(CountNetworkDocument, {
    variables: { hyperparameters: JSON.parse(hyperparameters) as unknown, patchSizePx },
    skip: !launch.isInRange,
  });
  const size = (data ?? previousData)?.countNetwork;
  const chosen = architectures.find(({ name }) => name === launch.values.architecture);
  return (
    <Card title="Network" note={chosen?.title}>
      {chosen && <p className="mb-3 text-xs text-muted-foreground">{chosen.description}</p>}
      {error && <p className="text-sm text-danger">{error.message}</p>}
      <dl className="grid grid-cols-2 gap-3">
        <div>
          <dt className="text-xs text-muted-foreground">Weights</dt>
          <dd className="text-xl font-semibold" title={formatCount(size?.parameters)}>
            {formatCompact(size?.parameters)}
          </dd>
        </div>
        <div>
          <dt className="text-xs text-muted-foreground">Multiply-adds per patch</dt>
          <dd className="text-xl font-semibold" title={formatCount(size?.multiplyAdds)}>
            {formatCompact(size?.multiplyAdds)}
          </dd>
        </div>
      </dl>
      <p className="mt-3 text-xs text-muted-foreground">For patches of {patchSizePx} px.</p>
    </Card>
  );
}
