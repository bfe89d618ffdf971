/**
 * CloudFormation: the one template, read and checked, with the ids that its resources have here.
 */
@NullMarked
package io.amcinsights.local.template;

import org.jspecify.annotations.NullMarked;
