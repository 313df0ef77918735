// Made from custom-elements.json by `npm run analyze`.
import type {
  CampaignActionButton,
  CampaignActionEvent,
  CampaignBulkActionEvent,
  CampaignBulkOutcomeEvent,
  CampaignChangeEvent,
  CampaignColumnsEvent,
  CampaignHeader,
  CampaignInspector,
  CampaignList,
  CampaignLog,
  CampaignNavigateEvent,
  CampaignOutcomeEvent,
  CampaignProvider,
  CampaignQueryEvent,
  CampaignSelectionEvent,
  CampaignStatusTag,
  RecoveryGuide,
} from 'campaign-status-kit';

/** The element of each tag, the attributes and properties that a host sets, and the events that arrive at it. */
export interface Elements {
  'campaign-action-button': {
    element: CampaignActionButton;
    attributes:
      | 'density'
      | 'action'
      | 'pending'
      | 'reason'
      | 'campaign-id'
      | 'status'
      | 'message'
      | 'name'
      | 'at'
      | 'missing'
      | 'system'
      | 'time-zone';
    properties:
      | 'density'
      | 'action'
      | 'pending'
      | 'reason'
      | 'campaignId'
      | 'status'
      | 'message'
      | 'name'
      | 'at'
      | 'missing'
      | 'lifecycle'
      | 'view'
      | 'store'
      | 'system'
      | 'translations'
      | 'timeZone'
      | 'settings';
    events: 'campaign-action' | 'campaign-outcome' | 'campaign-navigate';
  };
  'campaign-header': {
    element: CampaignHeader;
    attributes:
      | 'heading-level'
      | 'log-open'
      | 'history-open'
      | 'campaign-id'
      | 'status'
      | 'message'
      | 'name'
      | 'at'
      | 'missing'
      | 'system'
      | 'time-zone';
    properties:
      | 'headingLevel'
      | 'logOpen'
      | 'historyOpen'
      | 'campaignId'
      | 'status'
      | 'message'
      | 'name'
      | 'at'
      | 'missing'
      | 'lifecycle'
      | 'view'
      | 'store'
      | 'system'
      | 'translations'
      | 'timeZone'
      | 'settings';
    events: 'campaign-action' | 'campaign-outcome' | 'campaign-navigate';
  };
  'campaign-inspector': {
    element: CampaignInspector;
    attributes: 'heading-level' | 'system' | 'time-zone';
    properties: 'headingLevel' | 'store' | 'system' | 'translations' | 'timeZone' | 'settings';
    events: never;
  };
  'campaign-list': {
    element: CampaignList;
    attributes:
      | 'label'
      | 'density'
      | 'selected'
      | 'selectable'
      | 'hidden-columns'
      | 'column-choice'
      | 'no-search'
      | 'no-filters'
      | 'contained'
      | 'announce'
      | 'system'
      | 'time-zone';
    properties:
      | 'query'
      | 'label'
      | 'density'
      | 'selected'
      | 'selectable'
      | 'columns'
      | 'hiddenColumns'
      | 'columnChoice'
      | 'noSearch'
      | 'noFilters'
      | 'contained'
      | 'announce'
      | 'store'
      | 'system'
      | 'translations'
      | 'timeZone'
      | 'settings';
    events:
      | 'campaign-query'
      | 'campaign-columns'
      | 'campaign-selection'
      | 'campaign-bulk-action'
      | 'campaign-bulk-outcome'
      | 'campaign-navigate'
      | 'campaign-action'
      | 'campaign-outcome';
  };
  'campaign-log': {
    element: CampaignLog;
    attributes: 'campaign-id' | 'search' | 'level' | 'nowrap' | 'listen' | 'system' | 'time-zone';
    properties:
      | 'campaignId'
      | 'search'
      | 'level'
      | 'nowrap'
      | 'listen'
      | 'store'
      | 'system'
      | 'translations'
      | 'timeZone'
      | 'settings';
    events: never;
  };
  'campaign-status-tag': {
    element: CampaignStatusTag;
    attributes:
      | 'density'
      | 'emphasis'
      | 'stale-since'
      | 'stuck-since'
      | 'campaign-id'
      | 'status'
      | 'message'
      | 'name'
      | 'at'
      | 'missing'
      | 'system'
      | 'time-zone';
    properties:
      | 'density'
      | 'emphasis'
      | 'staleSince'
      | 'stuckSince'
      | 'campaignId'
      | 'status'
      | 'message'
      | 'name'
      | 'at'
      | 'missing'
      | 'lifecycle'
      | 'view'
      | 'store'
      | 'system'
      | 'translations'
      | 'timeZone'
      | 'settings';
    events: never;
  };
  'recovery-guide': {
    element: RecoveryGuide;
    attributes:
      | 'heading-level'
      | 'quiet'
      | 'campaign-id'
      | 'status'
      | 'message'
      | 'name'
      | 'at'
      | 'missing'
      | 'system'
      | 'time-zone';
    properties:
      | 'headingLevel'
      | 'quiet'
      | 'campaignId'
      | 'status'
      | 'message'
      | 'name'
      | 'at'
      | 'missing'
      | 'lifecycle'
      | 'view'
      | 'store'
      | 'system'
      | 'translations'
      | 'timeZone'
      | 'settings';
    events: 'campaign-action' | 'campaign-outcome' | 'campaign-navigate';
  };
  'campaign-provider': {
    element: CampaignProvider;
    attributes: 'src' | 'verify' | 'change-events' | 'time-zone';
    properties:
      | 'src'
      | 'adapter'
      | 'store'
      | 'lifecycles'
      | 'verify'
      | 'changeEvents'
      | 'routes'
      | 'translations'
      | 'timeZone'
      | 'report';
    events:
      | 'campaign-action'
      | 'campaign-outcome'
      | 'campaign-navigate'
      | 'campaign-query'
      | 'campaign-columns'
      | 'campaign-selection'
      | 'campaign-bulk-action'
      | 'campaign-bulk-outcome'
      | 'campaign-change';
  };
}

/** The kit's events. */
export interface Events {
  'campaign-action': CampaignActionEvent;
  'campaign-outcome': CampaignOutcomeEvent;
  'campaign-navigate': CampaignNavigateEvent;
  'campaign-query': CampaignQueryEvent;
  'campaign-columns': CampaignColumnsEvent;
  'campaign-selection': CampaignSelectionEvent;
  'campaign-bulk-action': CampaignBulkActionEvent;
  'campaign-bulk-outcome': CampaignBulkOutcomeEvent;
  'campaign-change': CampaignChangeEvent;
}
