/** A simulated campaign platform, for stories and tests, in memory: behind an adapter, MSW, or any other mock of `fetch`. */
export { backendControl, remoteBackendControl, type SeededCampaign, type SimulatedControl } from './backend-control.ts';
export { manualClock, systemClock, type Clock, type ManualClock } from './clock.ts';
export { runControl, CONTROLS, type ControlCommand } from './controls.ts';
export { handlers, type HandlersOptions, type MswHttp } from './handlers.ts';
export { requestHandler, type RequestHandlerOptions } from './request-handler.ts';
export { simulateBackend } from './simulate-backend.ts';
export { simulatedAdapter, type SimulatedAdapter } from './simulated-adapter.ts';
export { SimulationError } from './simulation-error.ts';
export type { SavedState } from './database.ts';
export type {
  CampaignControls,
  CampaignDetails,
  ChurnOptions,
  DependencyControls,
  DependencyRef,
  Effect,
  Faults,
  FaultState,
  ForcedFacts,
  NewCampaign,
  RequestKind,
  SimulatedActRequest,
  SimulatedBackend,
  SimulateOptions,
} from './types.ts';
