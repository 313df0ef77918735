/** For import maps: RxJS as one module. Its own package has none that a browser can load. */
export * from 'rxjs';
