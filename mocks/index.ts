/** A simulated campaign platform, for stories and tests, in memory. `campaign-status-kit/mocks/handlers` puts it behind MSW. */
export { backendControl, remoteBackendControl, type SeededCampaign, type SimulatedControl } from './backend-control.ts';
export { manualClock, systemClock, type Clock, type ManualClock } from './clock.ts';
export { runControl, CONTROLS, type ControlCommand } from './controls.ts';
export { simulateBackend } from './simulate-backend.ts';
export { simulatedAdapter, type SimulatedAdapter } from './simulated-adapter.ts';
export { SimulationError } from './simulation-error.ts';
export type { SavedState, Write } from './database.ts';
export type {
  AgentControls,
  CampaignControls,
  CampaignDetails,
  ChannelControls,
  ChurnOptions,
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
