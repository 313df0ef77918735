import { Component, input } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import { switchMap } from 'rxjs';
import { store } from './store';

/** How many campaigns of a system are in an error, in the app's own words: nothing here is an element of the kit. */
@Component({
  selector: 'app-error-count',
  template: `<p id="errors">In error: {{ list()?.counts?.get('error') ?? 0 }}</p>`,
})
export class ErrorCount {
  readonly system = input.required<string>();
  // What the store gives is an Observable.
  protected readonly list = toSignal(toObservable(this.system).pipe(switchMap((system) => store.list(system))));
}
