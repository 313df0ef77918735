/** All that an action button opens: its popups, the menu of further actions, and the confirmation. */
export { ConfirmDialog } from '../shared/dialog/confirm-dialog.ts';
export { Popup } from '../shared/popup/popup.ts';
export { PopupLiveData } from '../shared/popup/popup-live-data.ts';
export { buttonPopup, confirmContent, outlook } from './popup-contents.ts';
