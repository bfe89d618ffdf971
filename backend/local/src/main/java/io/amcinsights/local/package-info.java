/** The local workspace: the whole system on one machine, built from the CloudFormation template. */
@NullMarked
package io.amcinsights.local;

import org.jspecify.annotations.NullMarked;
