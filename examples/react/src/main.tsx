import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import 'campaign-status-kit/define';

createRoot(document.getElementById('app')!).render(<App />);
