import { useCollection } from '@cloudscape-design/collection-hooks';
import Button from '@cloudscape-design/components/button';
import Header, { type HeaderProps } from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import type { ReactNode } from 'react';
import { shell } from '../strings/shell.ts';
import { ErrorAlert } from './ErrorAlert.tsx';
import { Nothing } from './Nothing.tsx';

export interface Listing<T> {
  items: readonly T[];
  /** Nothing has come yet. */
  loading: boolean;
  /** More is on its way. */
  more?: boolean;
  error?: unknown;
  retry?: () => void;
}

export interface EntityTableProps<T> {
  title: string;
  description?: string;
  heading?: HeaderProps['variant'];
  listing: Listing<T>;
  columns: TableProps.ColumnDefinition<T>[];
  keyOf: (item: T) => string;
  /** What a search looks through; without it there is no search. */
  textOf?: (item: T) => string;
  findText?: string;
  filters?: ReactNode;
  /** Given while `filters` leave something out: nothing left is no empty list then. */
  onClearFilters?: (() => void) | undefined;
  actions?: ReactNode;
  empty: string;
  emptyHelp?: string;
  emptyAction?: ReactNode;
  pageSize?: number;
  selection?: Pick<
    TableProps<T>,
    'selectionType' | 'selectedItems' | 'onSelectionChange' | 'isItemDisabled' | 'ariaLabels'
  >;
  /** Lets long texts take several lines, and keeps the first column in sight. */
  wide?: boolean;
}

/** A table of a list: search, sorting, pages, and what to show where there is nothing. */
export function EntityTable<T>(props: EntityTableProps<T>) {
  const { listing, textOf, keyOf, title, pageSize = 20 } = props;
  const { items, collectionProps, filterProps, paginationProps, filteredItemsCount, actions } = useCollection(
    listing.items,
    {
      filtering: {
        filteringFunction: (item, text) =>
          (textOf?.(item) ?? '').toLowerCase().includes(text.trim().toLowerCase()),
        empty: props.onClearFilters ? (
          <NoMatch onClear={props.onClearFilters} />
        ) : (
          <Nothing title={props.empty} help={props.emptyHelp} action={props.emptyAction} />
        ),
        noMatch: (
          <NoMatch
            onClear={() => {
              actions.setFiltering('');
              props.onClearFilters?.();
            }}
          />
        ),
      },
      pagination: { pageSize },
      sorting: {},
    },
  );
  const failure = Boolean(listing.error) && (
    <ErrorAlert error={listing.error} {...(listing.retry && { onRetry: listing.retry })} />
  );
  if (failure && listing.items.length === 0) {
    return (
      <SpaceBetween size="s">
        <Header variant={props.heading ?? 'h2'}>{title}</Header>
        {failure}
      </SpaceBetween>
    );
  }
  const filter = textOf && (
    <div className="find">
      <TextFilter
        {...filterProps}
        filteringAriaLabel={props.findText ?? ''}
        filteringPlaceholder={props.findText ?? ''}
        countText={shell.matches(filteredItemsCount ?? 0)}
      />
    </div>
  );
  return (
    <SpaceBetween size="s">
      {failure}
      <Table
        {...collectionProps}
        {...props.selection}
        items={items}
        trackBy={keyOf}
        columnDefinitions={props.columns}
        loading={listing.loading}
        loadingText={shell.loading}
        {...(props.wide && { wrapLines: true, stickyColumns: { first: 1 } })}
        ariaLabels={{ tableLabel: title, ...props.selection?.ariaLabels } as TableProps.AriaLabels<T>}
        header={
          <Header
            variant={props.heading ?? 'h2'}
            counter={`(${listing.items.length}${listing.more ? '+' : ''})`}
            description={props.description}
            actions={props.actions}
          >
            {title}
          </Header>
        }
        filter={
          (filter || props.filters) && (
            <SpaceBetween direction="horizontal" size="xs">
              {filter}
              {props.filters}
            </SpaceBetween>
          )
        }
        pagination={
          paginationProps.pagesCount > 1 && (
            <Pagination
              {...paginationProps}
              ariaLabels={{
                previousPageLabel: shell.previousPage,
                nextPageLabel: shell.nextPage,
                pageLabel: shell.page,
                paginationLabel: title,
              }}
            />
          )
        }
      />
    </SpaceBetween>
  );
}

function NoMatch({ onClear }: { onClear: () => void }) {
  const clear = <Button onClick={onClear}>{shell.clearFilter}</Button>;
  return <Nothing title={shell.noMatches} action={clear} />;
}
