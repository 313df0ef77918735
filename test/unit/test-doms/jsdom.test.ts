import '../../../examples/testing/jsdom.js';
import { testKitIn } from '../../support/test-doms/kit-in-a-test-dom.ts';

testKitIn('jsdom');
