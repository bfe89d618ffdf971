/**
 * Results of Athena queries, however large: fetched once into a local file, paged into a grid,
 * copied and exported from it. A cell is exactly the text of Athena's result object; null and the
 * empty string stay apart.
 */
@NullMarked
package io.amcinsights.desktop.results;

import org.jspecify.annotations.NullMarked;
