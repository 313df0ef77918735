/** The backend control that users write for a simulated backend behind a port. */
export { remoteBackendControl as default } from '../../../../mocks/index.ts';
