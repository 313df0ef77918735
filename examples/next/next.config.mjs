// Pages in Next 16, written by a server for each request, over a simulated backend:
//
//   npm install
//   npm run build
//   npx campaign-status-kit backend --port 8787
//   CAMPAIGNS_SRC=http://127.0.0.1:8787 npm start
//
// Then open http://127.0.0.1:3000/.

/** @type {import('next').NextConfig} */
export default { devIndicators: false };
