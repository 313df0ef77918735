import { css, type CSSResult } from 'lit';

/** The look of `campaign-header`. */
export const styles: CSSResult = css`
  .header {
    padding: var(--campaign-header-padding, 16px 20px);
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: flex-start;
    justify-content: space-between;
    gap: 12px 24px;
  }
  .about {
    display: grid;
    flex: 1 1 16rem;
    gap: 8px;
    min-inline-size: 0;
  }
  .heading {
    font-size: calc(20 / 13 * 1em);
    line-height: calc(28 / 20);
    letter-spacing: -0.01em;
  }
  .name {
    display: block;
    text-align: -webkit-match-parent;
    text-align: match-parent;
  }
  .waiting {
    color: var(--_muted);
    font-weight: 400;
  }
  .facts,
  .actions {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
  }
  .facts {
    gap: 8px 12px;
    min-block-size: 24px;
    color: var(--_muted);
  }
  .actions {
    gap: 8px;
  }
  /* An empty place takes no gap. */
  .none:not(:state(refused), :state(conflict), :state(uncertain)) {
    margin-inline-end: -8px;
  }
  .editable {
    display: inline-flex;
    align-items: center;
    gap: 6px;
  }
  .log,
  .history {
    margin-block-start: 16px;
  }
  @container (inline-size < 34rem) {
    .header {
      padding: var(--campaign-header-padding, 12px 16px);
    }
    .heading {
      font-size: calc(16 / 13 * 1em);
      line-height: calc(24 / 16);
      letter-spacing: 0;
    }
    .about {
      flex-basis: 100%;
    }
  }
`;
