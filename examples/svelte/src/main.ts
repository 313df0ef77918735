import { mount } from 'svelte';
import App from './app.svelte';
import 'campaign-status-kit/define';

mount(App, { target: document.getElementById('app')! });
