import '../../support/test-doms/happy-dom.ts';
import { testKitIn } from '../../support/test-doms/kit-in-a-test-dom.ts';

testKitIn('happy-dom');
