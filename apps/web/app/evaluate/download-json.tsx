'use client';
/** Everything that was computed of a table, as a file. It is asked for only then: it may be long. */
import { useApolloClient } from '@apollo/client/react';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { describeError } from '../../api/error-sentence.ts';
import { saveText } from '../../form/text-files.ts';
import { type ScoredTableInput, TableEvaluationJsonDocument } from '../../graphql/generated/graphql.ts';
import { Button } from '../../ui/button.tsx';

export function DownloadJson({ table }: { table: ScoredTableInput }) {
  const client = useApolloClient();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  async function download() {
    setBusy(true);
    setRefusal(null);
    try {
      const { data } = await client.query({
        query: TableEvaluationJsonDocument,
        variables: { table },
        fetchPolicy: 'no-cache',
      });
      const name = `${table.name.replace(/\.\w+$/, '')}-evaluation.json`;
      saveText(JSON.stringify(data?.evaluateTable.json, null, 2), name, 'application/json');
    } catch (error) {
      setRefusal(describeError(error));
    } finally {
      setBusy(false);
    }
  }
  return (
    <>
      {refusal && (
        <span role="alert" className="text-xs text-danger">
          {refusal}
        </span>
      )}
      <Button onClick={() => void download()} disabled={busy}>
        <Download aria-hidden />
        JSON
      </Button>
    </>
  );
}
