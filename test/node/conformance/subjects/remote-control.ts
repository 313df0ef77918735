/** What one writes to verify a simulated backend behind a port. */
export { remoteBackDoor as default } from '../../../../mocks/index.ts';
