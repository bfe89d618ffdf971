/**
 * The AMC simulator: the HTTP API of Login with Amazon, AMC Administration and AMC Reporting, over
 * made-up advertisers.
 */
@NullMarked
package io.amcinsights.local.amc;

import org.jspecify.annotations.NullMarked;
