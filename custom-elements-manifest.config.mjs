import { inBothThemes, readTokens } from './tools/token-source.mjs';
import { usedBy } from './tools/token-use.mjs';

const tokens = await readTokens();

// What tools know about the elements: made from the code and its comments by `npm run analyze`.
export default {
  globs: ['src/elements/**/*.ts', 'src/provider/**/*.ts'],
  exclude: ['**/*.test.ts'],
  litelement: true,
  packagejson: false,
  plugins: [elementsOnly(), definitions(), publicOnly(), designTokens(), distPaths(), sorted()],
};

/** Keeps the elements and what defines them. What they share is in each of them already, by inheritance. */
function elementsOnly() {
  return {
    name: 'elements-only',
    packageLinkPhase({ customElementsManifest }) {
      for (const module of customElementsManifest.modules) {
        module.declarations = (module.declarations ?? []).filter(({ tagName }) => tagName);
        const kept = new Set(module.declarations.map(({ name }) => name));
        module.exports = (module.exports ?? []).filter(({ declaration }) => kept.has(declaration?.name));
      }
      customElementsManifest.modules = customElementsManifest.modules.filter(
        ({ path, declarations }) => declarations.length > 0 || path.endsWith('/define.ts'),
      );
    },
  };
}

/** Says that the `define` module beside a class defines its tag. The analyzer sees only a bare `customElements.define`. */
function definitions() {
  return {
    name: 'definitions',
    packageLinkPhase({ customElementsManifest: { modules } }) {
      for (const { path, declarations } of modules) {
        const define = modules.find((module) => module.path === path.replace(/[^/]+$/, 'define.ts'));
        for (const { tagName, name } of declarations ?? []) {
          if (!define || !tagName) continue;
          define.exports.push({
            kind: 'custom-element-definition',
            name: tagName,
            declaration: { name, module: path },
          });
        }
      }
    },
  };
}

/** Drops what a host cannot reach. */
function publicOnly() {
  const hidden = (member) =>
    member.name === 'styles' ||
    member.privacy === 'private' ||
    member.privacy === 'protected' ||
    member.name?.startsWith('#');
  return {
    name: 'public-only',
    packageLinkPhase({ customElementsManifest }) {
      for (const { declarations } of customElementsManifest.modules) {
        for (const declaration of declarations ?? []) {
          if (declaration.members) declaration.members = declaration.members.filter((member) => !hidden(member));
          // The analyzer also guesses events from calls of `dispatchEvent`; those that @fires names have a description.
          if (declaration.events) declaration.events = declaration.events.filter(({ description }) => description);
        }
      }
    },
  };
}

/** Adds the design tokens that an element reads, itself or through what it opens, to the custom properties of its comment. */
function designTokens() {
  return {
    name: 'design-tokens',
    packageLinkPhase({ customElementsManifest: { modules } }) {
      for (const { path, declarations } of modules) {
        for (const declaration of declarations ?? []) {
          const define = path.replace(/[^/]+$/, 'define.ts');
          const read = usedBy(define, tokens.properties).map(({ name, token, input }) => ({
            name,
            description: token.$description,
            default: inBothThemes((theme) => tokens.valueOf(token.id, { ...input, ...theme })),
          }));
          declaration.cssProperties = [...(declaration.cssProperties ?? []), ...read];
        }
      }
    },
  };
}

/** Names the files that the package holds. */
function distPaths() {
  const built = (path) => path.replace(/^\/?src\/(.*)\.ts$/, 'dist/$1.js');
  const walk = (value) => {
    if (!value || typeof value !== 'object') return;
    for (const [key, inner] of Object.entries(value)) {
      if ((key === 'path' || key === 'module') && typeof inner === 'string') value[key] = built(inner);
      else walk(inner);
    }
  };
  return {
    name: 'dist-paths',
    packageLinkPhase({ customElementsManifest }) {
      walk(customElementsManifest.modules);
    },
  };
}

/** The order of files differs from machine to machine; that of the manifest must not. */
function sorted() {
  return {
    name: 'sorted',
    packageLinkPhase({ customElementsManifest }) {
      customElementsManifest.modules.sort((a, b) => (a.path < b.path ? -1 : 1));
    },
  };
}
