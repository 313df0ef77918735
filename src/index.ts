/** The kit: types, lifecycles, store, adapters and element classes. Importing it registers nothing; `campaign-status-kit/define` does. */
export * from './lifecycle/index.ts';
export * from './i18n/index.ts';
export * from './adapters/index.ts';
export * from './store/index.ts';
export { CampaignActionButton } from './elements/campaign-action-button/campaign-action-button.ts';
export { CampaignHeader } from './elements/campaign-header/campaign-header.ts';
export { CampaignInspector } from './elements/campaign-inspector/campaign-inspector.ts';
export { CampaignList } from './elements/campaign-list/campaign-list.ts';
export type { CellContent, ListColumn } from './elements/campaign-list/columns/list-column.ts';
export { CampaignLog } from './elements/campaign-log/campaign-log.ts';
export { CampaignStatusTag } from './elements/campaign-status-tag/campaign-status-tag.ts';
export { RecoveryGuide } from './elements/recovery-guide/recovery-guide.ts';
export { CampaignProvider } from './provider/campaign-provider.ts';
export { type Settings, settingsContext, storeContext } from './elements/shared/context/contexts.ts';
export {
  CampaignActionEvent,
  CampaignBulkActionEvent,
  CampaignBulkOutcomeEvent,
  CampaignChangeEvent,
  CampaignColumnsEvent,
  CampaignNavigateEvent,
  CampaignOutcomeEvent,
  CampaignQueryEvent,
  CampaignSelectionEvent,
} from './elements/events.ts';
export type { RouteName, Routes, RouteTarget } from './elements/routes.ts';
export { VERSION } from './elements/shared/base/version.ts';
