/** What one writes to verify a simulated backend behind a port. */
export { remoteBackendControl as default } from '../../../../mocks/index.ts';
