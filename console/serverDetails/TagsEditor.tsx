import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ErrorAlert } from '../common/ErrorAlert.tsx';
import { useSigned } from '../session/SessionProvider.tsx';
import { useNotify } from '../shell/Notifications.tsx';
import { tags as words } from '../strings/servers.ts';
import { shell } from '../strings/shell.ts';

interface Props {
  resourceArn: string;
  tags: Record<string, string>;
  /** What to read again afterwards. */
  stale: QueryKey;
}

/** The tags of a server or an agent space. */
export function TagsEditor({ resourceArn, tags, stale }: Props) {
  const { client } = useSigned();
  const notify = useNotify();
  const queries = useQueryClient();
  const [rows, setRows] = useState(() => Object.entries(tags));
  const save = useMutation({
    mutationFn: async () => {
      const wanted = Object.fromEntries(rows.filter(([key]) => key));
      const gone = Object.keys(tags).filter(key => !(key in wanted));
      if (gone.length > 0) await client.untagResource({ resourceArn, tagKeys: gone });
      if (Object.keys(wanted).length > 0) await client.tagResource({ resourceArn, tags: wanted });
    },
    onSuccess: () => notify({ type: 'success', content: words.saved }),
    onSettled: () => queries.invalidateQueries({ queryKey: stale }),
  });
  const change = (at: number, row: [string, string]) =>
    setRows(rows.map((old, index) => (index === at ? row : old)));
  return (
    <Container
      header={
        <Header
          actions={
            <Button loading={save.isPending} onClick={() => save.mutate()}>
              {shell.save}
            </Button>
          }
        >
          {words.title}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <ErrorAlert error={save.error} />
        <AttributeEditor
          items={rows}
          empty={words.empty}
          addButtonText={words.add}
          removeButtonText={words.removeButton}
          removeButtonAriaLabel={([key]) => words.remove(key)}
          onAddButtonClick={() => setRows([...rows, ['', '']])}
          onRemoveButtonClick={({ detail }) => setRows(rows.filter((_, index) => index !== detail.itemIndex))}
          definition={[
            {
              label: words.key,
              control: ([key, value], at) => (
                <Input
                  value={key}
                  ariaLabel={words.key}
                  onChange={({ detail }) => change(at, [detail.value, value])}
                />
              ),
            },
            {
              label: words.value,
              control: ([key, value], at) => (
                <Input
                  value={value}
                  ariaLabel={words.value}
                  onChange={({ detail }) => change(at, [key, detail.value])}
                />
              ),
            },
          ]}
        />
      </SpaceBetween>
    </Container>
  );
}
