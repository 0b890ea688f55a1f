/** Of deleting a registration. */
export const remove = {
  title: (name: string) => `Delete ${name}`,
  short: 'Delete',
  help: 'The registration and its credential are deleted. Audit events stay.',
  blocked: (count: number) =>
    count === 1 ? '1 agent space still uses this server' : `${count} agent spaces still use this server`,
  blockedHelp:
    'It can be deleted when no space uses it. Open a space to remove it there, or remove it from all.',
  using: 'Agent spaces that use it',
  removeFromAll: 'Remove from all',
  removeTitle: (name: string) => `Remove ${name} from all agent spaces?`,
  removeHelp: 'Agents of these spaces lose its tools at once.',
  progress: (done: number, total: number) => `Removed from ${done} of ${total} agent spaces`,
  progressLabel: 'Removing from agent spaces',
  failed: 'It could not be removed from every space',
  free: 'No agent space uses this server: it can be deleted.',
  submit: 'Delete server',
  deleted: (name: string) => `${name} is deleted.`,
} as const;
