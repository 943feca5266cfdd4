'use client';
/** The policy in force, rule by rule, and every change of it with who, when and why. */
import { useQuery } from '@apollo/client/react';
import { FactList } from '../../../components/fact-list.tsx';
import { Moment } from '../../../components/moment.tsx';
import { describeValue, listSchemaValues, readSchemaFields } from '../../../form/schema-fields.ts';
import { type ModelPageFragment, PromotionPolicySchemaDocument } from '../../../graphql/generated/graphql.ts';
import { Card } from '../../../ui/card.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';
import { ChangePolicyDialog } from './change-policy-dialog.tsx';
import { describePolicyChange, titlePolicyRule } from './describe-policy-change.ts';

export function PolicyCard({ model }: { model: ModelPageFragment }) {
  const { data } = useQuery(PromotionPolicySchemaDocument);
  const fields = readSchemaFields(data?.promotionPolicySchema);
  const [inForce] = model.policies;
  if (!inForce) return null;
  const facts = listSchemaValues(inForce.policy, fields).map(({ key, value, description, changed }) => ({
    label: titlePolicyRule(key),
    value: (
      <>
        {describeValue(value)}
        {changed && <span className="ml-1.5 text-xs font-normal text-accent">not the default</span>}
      </>
    ),
    note: description,
  }));
  return (
    <Card
      id="policy"
      title="Gate policy"
      note={`Version ${inForce.version} is in force. Safety rules are always on; earlier decisions keep the version that they were judged by.`}
      actions={<ChangePolicyDialog model={model} fields={fields} />}
      flush
    >
      <FactList facts={facts} className="p-4" />
      <div className="border-t border-line">
        <PlainTable
          caption="Versions of the policy"
          rows={model.policies}
          rowKey={(row) => String(row.version)}
          columns={[
            { header: 'Version', cell: (row) => row.version },
            { header: 'When', cell: (row) => <Moment at={row.createdAt} /> },
            { header: 'By', cell: (row) => row.changedBy },
            { header: 'Reason', cell: (row) => row.reason, className: 'min-w-48' },
            {
              header: 'Change',
              className: 'min-w-48',
              cell: (row) =>
                describePolicyChange({
                  before: model.policies.find(({ version }) => version === row.version - 1)?.policy,
                  after: row.policy,
                }) ?? '–',
            },
          ]}
        />
      </div>
    </Card>
  );
}
