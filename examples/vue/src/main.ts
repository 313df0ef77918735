import { createApp } from 'vue';
import App from './app.vue';
import 'campaign-status-kit/define';

createApp(App).mount('#app');
