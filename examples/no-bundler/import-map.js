// @ts-nocheck: plain JavaScript, as a host without types writes it.
import 'campaign-status-kit/define';
