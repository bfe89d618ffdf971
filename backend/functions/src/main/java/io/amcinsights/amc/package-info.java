/** The client of the AMC Administration and Reporting APIs. */
@NullMarked
package io.amcinsights.amc;

import org.jspecify.annotations.NullMarked;
