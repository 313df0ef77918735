import { render } from 'solid-js/web';
import { App } from './app.tsx';
import 'campaign-status-kit/define';

render(() => <App />, document.getElementById('app')!);
