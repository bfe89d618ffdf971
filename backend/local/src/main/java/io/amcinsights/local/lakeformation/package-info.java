/** Lake Formation: what is granted, and what a role may read by it. */
@org.jspecify.annotations.NullMarked
package io.amcinsights.local.lakeformation;
