/** For pages without a bundler: registers every element, and exports what the package exports. It is built as one file. */
import '../define.ts';
export * from '../index.ts';
