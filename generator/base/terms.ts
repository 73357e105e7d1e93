/**
 * Terms of everything that is written for a design, in the header of each file that has comments: BSD zero-clause, which asks for
 * nothing, as a design is its user's. Templates have it in their first lines.
 */
export const TERMS = 'SPDX-License-Identifier: 0BSD';
