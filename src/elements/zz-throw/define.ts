import { defineElement } from '../shared/define-element.ts';
import { ZzThrow } from './zz-throw.ts';
defineElement('zz-throw', ZzThrow);
