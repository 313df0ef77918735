'use client';
import { useEffect } from 'react';

/** Defines the elements in the browser, once React has taken over the page that the server wrote. */
export function DefineElements(): null {
  useEffect(() => void import('campaign-status-kit/define'), []);
  return null;
}
