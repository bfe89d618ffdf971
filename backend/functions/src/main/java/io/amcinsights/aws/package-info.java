/** The ports on AWS. */
@NullMarked
package io.amcinsights.aws;

import org.jspecify.annotations.NullMarked;
