/** The build collects style sheets; scripts get nothing of them. */
declare module '*.css';
