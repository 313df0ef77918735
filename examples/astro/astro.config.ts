// Pages in Astro 5, written by a server for each request, over a simulated backend:
//
//   npm install
//   npm run build
//   npx campaign-status-kit backend --port 8787
//   CAMPAIGNS_SRC=http://127.0.0.1:8787 PORT=4321 npm start
//
// Then open http://127.0.0.1:4321/.
import node from '@astrojs/node';
import { defineConfig } from 'astro/config';

export default defineConfig({ output: 'server', adapter: node({ mode: 'standalone' }) });
