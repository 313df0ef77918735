/** A simulated campaign platform, for stories and tests: in memory, behind MSW, or behind a real port. */
export { handlers, type HandlersOptions } from './handlers.ts';
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
  Faults,
  FaultState,
  ForcedFacts,
  NewCampaign,
  RequestKind,
  SimulatedActRequest,
  SimulatedBackend,
  SimulateOptions,
} from './types.ts';
